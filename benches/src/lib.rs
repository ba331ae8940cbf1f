//! Measurements live in README.md; the scripts beside it make them again.
