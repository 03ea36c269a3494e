//! What the seal does at run time, and what must not compile.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod record;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod rules;
