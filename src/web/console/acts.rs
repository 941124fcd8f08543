//! Acts by the names that they have on the record, so that a page can offer them and call each in words.

pub const ACTS: [&str; 91] = [
    "AuditExported",
    "AuditListed",
    "CaseClosed",
    "CaseCreated",
    "CaseHoldLifted",
    "CaseHoldPlaced",
    "CaseKeyDestroyed",
    "CaseLinked",
    "CaseOpened",
    "CaseRead",
    "CaseReopened",
    "CaseWordsExpired",
    "CasesListed",
    "CodeAdded",
    "CodeChanged",
    "CodeEnded",
    "CodeWithdrawn",
    "CustodyHandedOver",
    "EpochStarted",
    "EscrowMade",
    "FigureOpened",
    "FirstAdministratorEnrolled",
    "HoldLifted",
    "HoldPlaced",
    "IdentityQuorumSet",
    "IdentityRead",
    "IdentityRequestApproved",
    "IdentityRequestEnded",
    "IdentityRequestRead",
    "IdentityRequestRefused",
    "IdentityRequested",
    "IdentityRequestsListed",
    "KeyGrantConsented",
    "KeyGranted",
    "LineClosed",
    "LineOpened",
    "LoggedIn",
    "LoggedOut",
    "MessageAdded",
    "OfficeChanged",
    "OfficeClosed",
    "OfficeCreated",
    "OfficeFounded",
    "OfficeRecovered",
    "OfficerCreated",
    "OfficerRemoved",
    "OutcomeRecorded",
    "PasswordChanged",
    "PasswordRecovered",
    "PasswordReset",
    "ReceiptChanged",
    "ReceiptGivenUp",
    "ReleaseChecked",
    "ReleasePrepared",
    "ReleasePublished",
    "ReleaseRead",
    "ReleaseRevised",
    "ReportMade",
    "SecondFactorEnrolled",
    "SuccessorsRecorded",
    "TipAccepted",
    "TipAsked",
    "TipAssigned",
    "TipClosed",
    "TipConcernNamed",
    "TipDismissed",
    "TipExpired",
    "TipGraded",
    "TipHandled",
    "TipKeysDestroyed",
    "TipMarkedDuplicate",
    "TipMoved",
    "TipNoted",
    "TipRead",
    "TipReferred",
    "TipReopened",
    "TipReplied",
    "TipRestricted",
    "TipRestrictionLifted",
    "TipScreened",
    "TipShared",
    "TipSubmitted",
    "TipTakenOver",
    "TipTransferred",
    "TipUnshared",
    "TipWordsExpired",
    "TipWrittenDown",
    "TipsSearched",
    "ValueAttested",
    "ValueConfirmed",
    "ValueRevoked",
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::ACTS;

    /// Reads all sources under a folder.
    fn sources(folder: &Path, into: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                into.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }

    /// Two words or more, written as one, the first of them a noun of the line: so acts are called, and nothing else.
    fn is_act(text: &str) -> bool {
        let nouns = [
            "Audit",
            "Case",
            "Cases",
            "Code",
            "Custody",
            "Epoch",
            "Escrow",
            "Figure",
            "First",
            "Hold",
            "Identity",
            "Key",
            "Line",
            "Logged",
            "Message",
            "Office",
            "Officer",
            "Outcome",
            "Password",
            "Receipt",
            "Release",
            "Report",
            "Second",
            "Successors",
            "Tip",
            "Tips",
            "Value",
        ];
        let plain = text.chars().all(|letter| letter.is_ascii_alphabetic());
        let second = text.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase());
        plain && second.is_some_and(|(at, _)| nouns.contains(&&text[..at]))
    }

    #[test]
    fn every_act_that_is_put_on_record_is_here_and_no_other() {
        let mut text = String::new();
        for room in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
            let path = room.unwrap().path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != "web") {
                sources(&path, &mut text);
            }
        }
        let recorded: BTreeSet<&str> = text.split('"').filter(|part| is_act(part)).collect();
        assert!(recorded.len() > 50, "{}", recorded.len());
        assert_eq!(recorded, ACTS.into_iter().collect());
    }
}
