//! The shape of the command line: every command has its own options first, and one line where the server's are told.

use clap::Command;

const FOLDED: &str = "Server settings and logging: see `iapt-pad serve --help`";
const FOLDED_LOGGING: &str = "Logging: see `iapt-pad serve --help`";

/// The line with the server's settings and logging told in full at `serve`, and in one line everywhere else. `logging`
/// are the options of logging.
pub fn folded(line: Command, logging: fn(Command) -> Command) -> Command {
    line.mut_subcommands(|command| match command.get_name() {
        "serve" => logging(command).mut_args(|option| option.hide(false)),
        _ => with_foot(command, false),
    })
    .after_help(FOLDED)
}

fn with_foot(command: Command, above: bool) -> Command {
    let takes = |command: &Command| {
        command
            .get_arguments()
            .any(|option| option.get_id() == "base_url")
    };
    // The demo has an address of its own kind.
    let settings = above || (takes(&command) && command.get_name() != "demo");
    command
        .after_help(if settings { FOLDED } else { FOLDED_LOGGING })
        .mut_subcommands(|below| with_foot(below, settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_command_that_takes_the_servers_settings_leads_to_them() {
        let takes = Command::new("clinics")
            .arg(clap::Arg::new("base_url").long("base-url").hide(true))
            .subcommand(Command::new("list"));
        let line = Command::new("pad")
            .subcommand(takes)
            .subcommand(Command::new("config"));
        let line = folded(line, |command| command);
        let foot = |name: &[&str]| {
            let found = name
                .iter()
                .fold(&line, |above, name| above.find_subcommand(name).expect("there"));
            found.get_after_help().map(ToString::to_string)
        };
        assert_eq!(foot(&["clinics", "list"]).as_deref(), Some(FOLDED));
        assert_eq!(foot(&["config"]).as_deref(), Some(FOLDED_LOGGING));
    }
}
