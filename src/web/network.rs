use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

/// Where a request comes from: for pacing by network, and for nothing else. Never logged, never stored.
#[derive(Clone, Copy)]
pub struct Address(pub IpAddr);

impl FromRequest for Address {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip());
        let told = req.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
        ready(Ok(Self(address_of(peer, told))))
    }
}

/// What a front proxy says of its peer counts only from a proxy of one's own, on this machine or in its network; what
/// came before in the list is the caller's to invent. An onion service's callers have no address: they are one network.
fn address_of(peer: IpAddr, told: Option<&str>) -> IpAddr {
    let own = match peer.to_canonical() {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
    };
    let told = told.filter(|_| own).and_then(|list| list.rsplit(',').next());
    told.and_then(|last| last.trim().parse().ok()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_of_ones_own_is_believed_and_only_its_own_word() {
        let of = |peer: &str, told| address_of(peer.parse().unwrap(), told).to_string();
        assert_eq!(of("127.0.0.1", Some("198.51.100.1, 203.0.113.7")), "203.0.113.7");
        assert_eq!(of("10.0.0.2", Some("203.0.113.7")), "203.0.113.7");
        assert_eq!(of("::1", Some(" 2001:db8::1 ")), "2001:db8::1");
        assert_eq!(of("198.51.100.1", Some("203.0.113.7")), "198.51.100.1");
        for nonsense in [None, Some(""), Some("x"), Some("203.0.113.7, unknown")] {
            assert_eq!(of("127.0.0.1", nonsense), "127.0.0.1");
        }
    }
}
