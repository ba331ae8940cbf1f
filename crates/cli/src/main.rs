//! `clientele`, the program.

fn main() -> std::process::ExitCode {
    cli::main()
}
