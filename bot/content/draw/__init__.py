"""The picture of a dialog: a graph of its states as Mermaid or Graphviz."""
