//! What the benchmarks of the Grievance library share: timing, the life of a case to be acted
//! out, a made-up city's file, and the bare rows to compare with.

pub mod city;
pub mod life;
pub mod rows;
pub mod timing;
