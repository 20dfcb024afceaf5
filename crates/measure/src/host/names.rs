//! Names of whoever measures, and of the machine in its network.

use std::env;

use sysinfo::System;

/// Returns the names that a file which travels must not say unasked: of the user, of the home folder, and of this machine in
/// its network, whole and without its domain.
pub fn private_names() -> Vec<String> {
    let user = ["USER", "LOGNAME", "SUDO_USER"].into_iter().filter_map(|name| env::var(name).ok());
    let home = env::home_dir();
    let home = home.as_deref().and_then(|path| path.file_name());
    let machine = System::host_name().ok();
    let short = machine.as_deref().and_then(|name| name.split('.').next()).map(str::to_owned);
    let mut names: Vec<String> = user
        .chain(home.map(|name| name.to_string_lossy().into_owned()))
        .chain(short)
        .chain(machine)
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
