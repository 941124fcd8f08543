//! The ceremony on paper, by the program itself.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use entity::enums::Role;

use crate::support::{
    TestApp,
    deployment::{INTAKE, PASSWORD},
};

fn tipline(app: &TestApp, arguments: &[&str], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipline"));
    command.arg("--data").arg(app.database.folder.path().join("data")).args(arguments);
    if let Some(url) = &app.database.url {
        command.env("DATABASE_URL", url);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that asks for nothing may be gone before it is told.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn printed(app: &TestApp, folder: &str) -> Vec<PathBuf> {
    let folder = app.database.folder.path().join(folder);
    let arguments = ["escrow", "print", "--office", INTAKE, "--username", "lan", "--output", folder.to_str().unwrap()];
    let output = tipline(app, &arguments, &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{}", said(&output));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn recovers(app: &TestApp, to: &str, sheets: &[&PathBuf], typed: &str) -> Output {
    let mut arguments = vec!["escrow", "recover", "--office", INTAKE, "--to", to];
    for sheet in sheets {
        arguments.extend(["--sheet", sheet.to_str().unwrap()]);
    }
    tipline(app, &arguments, typed)
}

fn lines_of(file: &PathBuf) -> Vec<String> {
    let page = std::fs::read_to_string(file).unwrap();
    assert!(page.contains("<svg"), "{page}");
    let digit = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
    page.lines().filter(digit).map(str::to_owned).collect()
}

#[tokio::test]
async fn two_of_three_sheets_bring_an_office_back() {
    let app = TestApp::spawn_in_earnest().await;
    app.officer("lan", &[Role::Commander]).await;
    let tip = app.tip("Đêm nào cũng có xe lạ").await;
    let doctor = tipline(&app, &["doctor"], "");
    assert_eq!(doctor.status.code(), Some(1));
    assert!(said(&doctor).contains("no_escrow") && said(&doctor).contains(INTAKE), "{}", said(&doctor));
    let old = printed(&app, "old");
    let sheets = printed(&app, "sheets");
    assert_eq!(sheets.len(), 3);
    assert!(!said(&tipline(&app, &["doctor"], "")).contains("no_escrow"));

    // Somebody new, whom no member has granted anything.
    let office = app.office(INTAKE).await;
    let new = tipline::staff::NewOfficer {
        username: "moi".to_owned(),
        display_name: "Mới".to_owned(),
        office,
        roles: vec![Role::Commander],
        password: vault::secret::Secret::new(PASSWORD.to_owned()),
        must_change_password: false,
        second_factor_required: false,
    };
    tipline::staff::insert_officer(&app.app, new).await.unwrap();
    let moi = app.logs_in("moi", PASSWORD).await;
    moi.reads(&tip).await.expect_problem(403, "no_key");

    let few = recovers(&app, "moi", &[&sheets[0], &sheets[0]], "");
    assert!(!few.status.success() && said(&few).contains("2 sheets are needed, 1"), "{}", said(&few));
    let worthless = recovers(&app, "moi", &[&old[0], &old[1]], "");
    assert!(said(&worthless).contains("none of the sheets"), "{}", said(&worthless));
    let (first, mut second) = (lines_of(&sheets[0]), lines_of(&sheets[2]));
    let right = second[3].clone();
    let wrong = if right.contains('7') { right.replacen('7', "8", 1) } else { right.replacen(&right[3..4], "7", 1) };
    second[3] = wrong;
    let typed = |second: &[String]| format!("{}\n\n{}\n", first.join("\n"), second.join("\n"));
    let mistyped = recovers(&app, "moi", &[], &typed(&second));
    assert!(said(&mistyped).contains("sheet 2: line 4"), "{}", said(&mistyped));
    moi.reads(&tip).await.expect_problem(403, "no_key");

    second[3] = right;
    let done = recovers(&app, "moi", &[], &typed(&second).to_lowercase());
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(moi.reads(&tip).await.expect(200)["narrative"], "Đêm nào cũng có xe lạ");
    let again = recovers(&app, "moi", &[&sheets[1], &sheets[2]], "");
    assert!(again.status.success(), "{}", said(&again));
}

#[tokio::test]
async fn sheets_are_printed_for_a_commander_who_proves_himself() {
    let app = TestApp::spawn_in_earnest().await;
    app.officer("lan", &[Role::Commander]).await;
    app.officer("sang", &[Role::Screener]).await;
    let folder = app.database.folder.path().join("sheets");
    let print = |name: &str, password: &str, k: &str| {
        let output = folder.to_str().unwrap();
        let arguments =
            ["escrow", "print", "--office", INTAKE, "--username", name, "--threshold", k, "--output", output];
        tipline(&app, &arguments, &format!("{password}\n"))
    };
    for refused in [print("lan", "sai-mat-khau-roi", "2"), print("sang", PASSWORD, "2"), print("lan", PASSWORD, "1")] {
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    }
    assert!(!folder.exists());
    assert_eq!(app.count_rows("escrows").await, 0);
}
