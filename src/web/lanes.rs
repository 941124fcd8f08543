//! Which lane a request passes while it is answered. Submissions and thread openings take theirs by themselves, after
//! what they cost nothing for was judged.

use crate::platform::shedding::{Lane, Lanes};

/// The lane of a path. `known`: the caller shows a token.
pub fn lane_of<'a>(lanes: &'a Lanes, path: &str, known: bool) -> Option<&'a Lane> {
    let path = path.strip_prefix("/en").filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let begins = |starts: &[&str]| starts.iter().any(|start| path.starts_with(start));
    if begins(&["/api/v1/public/", "/figures"]) {
        return Some(&lanes.public);
    }
    let console = begins(&["/console"]) && !begins(&["/console/assets/", "/console/log-in"]);
    let officer = known && begins(&["/api/v1/"]) && !begins(&["/api/v1/reporter/"]);
    (console || officer).then_some(&lanes.officers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn officers_and_the_public_have_lanes_of_their_own() {
        let lanes = Lanes::default();
        let same = |path, known, lane: Option<&Lane>| {
            assert_eq!(lane_of(&lanes, path, known).map(std::ptr::from_ref), lane.map(std::ptr::from_ref), "{path}");
        };
        for path in ["/figures", "/en/figures", "/figures.csv", "/api/v1/public/statistics/releases"] {
            same(path, false, Some(&lanes.public));
        }
        for path in ["/console", "/console/tips/7"] {
            same(path, false, Some(&lanes.officers));
        }
        same("/api/v1/tips", true, Some(&lanes.officers));
        for path in ["/", "/tip", "/en/tip", "/healthz", "/console/assets/x.css", "/console/log-in", "/api/v1/tips"] {
            same(path, false, None);
        }
        same("/api/v1/reporter/tip", true, None);
    }
}
