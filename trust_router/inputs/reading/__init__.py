"""The only door for files, frames and databases."""
