use proptest::prelude::*;

use super::*;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap() + Duration::minutes(minutes)
}

struct World {
    chance: Chance,
    secrets: Secrets,
}

fn world() -> World {
    let chance = Chance::seeded(1);
    World { secrets: Secrets::generate(&chance), chance }
}

impl World {
    fn access(&self) -> Access {
        let k = SymmetricKey::generate(&self.chance);
        Access { session: self.chance.uuid(), officer: self.chance.uuid(), expires_at: at(15), k }
    }

    fn read(&self, token: &str) -> Result<Access, TokenError> {
        read_access(token, &self.secrets, at(0))
    }
}

#[test]
fn tokens_say_what_they_were_given() {
    let world = world();
    let access = world.access();
    let read = world.read(&issue_access(&access, &world.secrets)).unwrap();
    assert_eq!((read.session, read.officer, read.expires_at), (access.session, access.officer, access.expires_at));
    assert_eq!(read.k.as_bytes(), access.k.as_bytes());
    let Access { session, officer, expires_at, k } = access;
    let refresh = Refresh { session, officer, generation: 3, expires_at, k };
    let read = read_refresh(&issue_refresh(&refresh, &world.secrets), &world.secrets, at(0)).unwrap();
    assert_eq!((read.session, read.generation), (session, 3));
    let reporter = Reporter { tip: session, kek: refresh.k, expires_at };
    let token = issue_reporter(&reporter, &world.secrets, &world.chance);
    let read = read_reporter(&token, &world.secrets, at(0)).unwrap();
    assert_eq!((read.tip, read.kek.as_bytes()), (session, reporter.kek.as_bytes()));
    assert_eq!(read_reporter(&token, &world.secrets, at(15)).err(), Some(TokenError::Expired));
}

#[test]
fn a_reporters_token_has_one_spelling() {
    let world = world();
    let k = SymmetricKey::generate(&world.chance);
    let reporter = Reporter { tip: world.chance.uuid(), kek: k, expires_at: at(15) };
    let token = issue_reporter(&reporter, &world.secrets, &world.chance);
    let sealed = token.strip_prefix("r1.").unwrap();
    for version in ["+1", "01", "-1", "", "2"] {
        let other = read_reporter(&format!("r{version}.{sealed}"), &world.secrets, at(0));
        assert_eq!(other.err(), Some(TokenError::Invalid), "{version}");
    }
}

#[test]
fn a_token_ends() {
    let world = world();
    let token = issue_access(&world.access(), &world.secrets);
    assert_eq!(read_access(&token, &world.secrets, at(15)).err(), Some(TokenError::Expired));
    assert!(read_access(&token, &world.secrets, at(14)).is_ok());
    let link = issue_enrolment(&world.secrets, at(0));
    assert_eq!(read_enrolment(&link, &world.secrets, at(0)), Ok(()));
    assert_eq!(read_enrolment(&link, &world.secrets, at(24 * 60)), Err(TokenError::Expired));
}

#[test]
fn no_token_passes_for_another() {
    let world = world();
    let Access { session, officer, expires_at, k } = world.access();
    let refresh = issue_refresh(&Refresh { session, officer, generation: 0, expires_at, k: k.clone() }, &world.secrets);
    let reporter = issue_reporter(&Reporter { tip: session, kek: k, expires_at }, &world.secrets, &world.chance);
    for token in [refresh.as_str(), &reporter, &issue_enrolment(&world.secrets, at(0))] {
        assert_eq!(world.read(token).err(), Some(TokenError::Invalid));
    }
    let access = issue_access(&world.access(), &world.secrets);
    assert_eq!(read_refresh(&access, &world.secrets, at(0)).err(), Some(TokenError::Invalid));
    assert_eq!(read_enrolment(&access, &world.secrets, at(0)), Err(TokenError::Invalid));
    assert_eq!(read_reporter(&access, &world.secrets, at(0)).err(), Some(TokenError::Invalid));
}

/// RFC 8725, section 2: what was done to token libraries before.
#[test]
fn forged_tokens_are_invalid() {
    let world = world();
    let token = issue_access(&world.access(), &world.secrets);
    let parts: Vec<&str> = token.split('.').collect();
    let with_header = |json: &str| {
        let header = URL_SAFE_NO_PAD.encode(json);
        [format!("{header}.{}.", parts[1]), format!("{header}.{}.{}", parts[1], parts[2])]
    };
    let mut forged = vec![String::new(), "..".into(), format!("{token}."), format!(" {token}"), token.to_uppercase()];
    for json in [
        r#"{"typ":"tipline-access+jwt","alg":"none","kid":"1"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"1"}"#,
        r#"{"typ":"tipline-access+jwt","alg":"HS512","kid":"1"}"#,
        r#"{"typ":"tipline-access+jwt","alg":"HS256","kid":"2"}"#,
        r#"{"typ":"tipline-access+jwt","alg":"HS256","kid":"../../dev/null"}"#,
        r#"{"typ":"tipline-access+jwt","alg":"HS256"}"#,
        r#"{"typ":"tipline-access+jwt","alg":"HS256","kid":"1","jwk":{"kty":"oct","k":"AAAA"}}"#,
    ] {
        forged.extend(with_header(json));
    }
    for token in forged {
        assert_eq!(world.read(&token).err(), Some(TokenError::Invalid), "{token}");
    }
    let others = issue_access(&world.access(), &Secrets::generate(&world.chance));
    assert_eq!(world.read(&others).err(), Some(TokenError::Invalid));
}

/// A right signature does not help what is wrong otherwise: each of these is signed with the access key itself.
#[test]
fn a_signed_token_must_still_be_of_the_right_kind() {
    let world = world();
    let (version, key) = world.secrets.current_token();
    let key = EncodingKey::from_secret(signing_key(&key, ACCESS).as_slice());
    let (id, k) = (world.chance.uuid(), encode_key(&SymmetricKey::generate(&world.chance)));
    let right = serde_json::json!({ "aud": ACCESS, "exp": at(15).timestamp(), "sid": id, "uid": id, "k": *k });
    let read = |header: &Header, claims: &serde_json::Value| {
        world.read(&jsonwebtoken::encode(header, claims, &key).unwrap()).map(|access| access.session)
    };
    let good = header(ACCESS, version);
    assert_eq!(read(&good, &right), Ok(id));
    for bad in [
        Header { typ: Some("JWT".into()), ..good.clone() },
        Header { typ: None, ..good.clone() },
        header(REFRESH, version),
        header(ACCESS, version + 1),
        Header { kid: None, ..good.clone() },
        Header { kid: Some("+1".into()), ..good.clone() },
        Header { kid: Some("01".into()), ..good.clone() },
        Header { alg: Algorithm::HS384, ..good.clone() },
        Header { alg: Algorithm::HS512, ..good.clone() },
        Header { jku: Some("https://example.org/keys".into()), ..good.clone() },
        Header { crit: Some(vec!["exp".into()]), ..good.clone() },
        Header { cty: Some("JWT".into()), ..good.clone() },
    ] {
        assert_eq!(read(&bad, &right), Err(TokenError::Invalid), "{bad:?}");
    }
    for (claim, value) in [
        ("aud", serde_json::json!(REFRESH)),
        ("aud", serde_json::json!([ACCESS, REFRESH])),
        ("aud", serde_json::Value::Null),
        ("exp", serde_json::Value::Null),
        ("exp", serde_json::json!("9999999999")),
        ("exp", serde_json::json!(-1)),
        ("exp", serde_json::json!(i64::MAX)),
        ("sid", serde_json::Value::Null),
        ("uid", serde_json::json!("ana")),
        ("k", serde_json::Value::Null),
        ("k", serde_json::json!("AAAA")),
        ("admin", serde_json::json!(true)),
    ] {
        let mut claims = right.clone();
        claims[claim] = value;
        assert_eq!(read(&good, &claims), Err(TokenError::Invalid), "{claims}");
    }
}

proptest! {
    #[test]
    fn a_changed_character_is_found(at in 0usize..400, to in "[A-Za-z0-9_-]") {
        let world = world();
        let token = issue_access(&world.access(), &world.secrets);
        let at = at % token.len();
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        prop_assume!(changed != token && token.as_bytes()[at] != b'.');
        prop_assert_eq!(world.read(&changed).err(), Some(TokenError::Invalid));
    }

    #[test]
    fn any_text_is_answered(text in ".*") {
        let world = world();
        prop_assert_eq!(world.read(&text).err(), Some(TokenError::Invalid));
        let reporter = read_reporter(&format!("r1.{text}"), &world.secrets, at(0));
        prop_assert_eq!(reporter.err(), Some(TokenError::Invalid));
    }
}
