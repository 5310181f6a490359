"""What `SearchEngine` is made of: one file for each thing that it is asked for."""
