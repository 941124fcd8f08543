fn main() -> std::process::ExitCode {
    tipline::cli::run()
}
