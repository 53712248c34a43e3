//! The command line: parses, builds what the command needs, and leaves the work to the rooms.
//! Exit codes: 0 done, 1 failed, 2 not understood.

mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    let line = command::Line::read();
    line.start_logging();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(refused) => {
            eprintln!("iapt-pad: no threads to run on: {refused}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(line.run()) {
        Ok(code) => code,
        Err(refused) => {
            eprintln!("iapt-pad: {refused:#}");
            ExitCode::FAILURE
        }
    }
}
