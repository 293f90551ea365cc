"""What a link check knows without any network: which pages to open, what robots.txt allows, what a page is."""
