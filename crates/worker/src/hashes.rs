//! How hash maps are seeded: at random, or alike in every process where a simulation must be
//! repeatable.
//!
//! Engines in Rust lay out their buffers in the order of hash maps. The standard library reads the
//! seeds of hash maps through a weak symbol, which a program may replace.

use std::env;
use std::ffi::{c_uint, c_void};

use formbench_protocol::EQUAL_HASHES;
use nix::libc;

/// The value of every byte where all processes must be seeded alike.
const EQUAL: u8 = 0x5a;

/// Replaces the C library's function in this program alone.
#[expect(unsafe_code, reason = "name and pointers are the C library's")]
#[unsafe(no_mangle)]
unsafe extern "C" fn getrandom(buffer: *mut c_void, length: usize, flags: c_uint) -> isize {
    if env::var_os(EQUAL_HASHES).is_none() {
        // SAFETY: what the caller promises is what the system call asks.
        let got = unsafe { libc::syscall(libc::SYS_getrandom, buffer, length, flags) };
        return got as isize;
    }
    // SAFETY: the caller promises `length` bytes to write to.
    unsafe { buffer.cast::<u8>().write_bytes(EQUAL, length) };
    length as isize
}
