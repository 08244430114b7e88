"""The report as one HTML file that needs no network: the document tree as a page to read, filter and print."""
