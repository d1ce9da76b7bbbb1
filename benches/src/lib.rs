//! What the benchmarks of the Grievance library share: timing, the life of a case to be acted
//! out, a made-up city's file, the bare rows to compare with, and peers in Python.

pub mod city;
pub mod life;
pub mod peer;
pub mod rows;
pub mod timing;
