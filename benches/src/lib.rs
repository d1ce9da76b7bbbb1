//! Benchmarks of the Grievance library.
