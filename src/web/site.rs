//! What the middleware must know about the installation.

use std::net::IpAddr;

use actix_web::{HttpRequest, web};
use ipnet::IpNet;

use crate::config::Config;

/// How this installation is reached. The server puts one into the application data; without one (in a test)
/// the defaults hold: plain http, no demonstration, no proxies.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Scheme, host and port as browsers write them in `Origin`: `https://pad.example.org`.
    pub origin: String,
    /// Whether the site is reached over https: cookies are then `Secure` and browsers told to stay on https.
    pub https: bool,
    /// Whether this is the demonstration.
    pub demo: bool,
    /// The proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
}

impl Site {
    /// The site at this base address.
    pub fn at(base_url: &str, demo: bool, trusted_proxies: Vec<IpNet>) -> Self {
        let https = base_url.to_ascii_lowercase().starts_with("https://");
        let host = base_url.split('/').nth(2).unwrap_or_default();
        let scheme = if https { "https" } else { "http" };
        let host = host.trim_end_matches(if https { ":443" } else { ":80" });
        Site {
            origin: format!("{scheme}://{host}").to_ascii_lowercase(),
            https,
            demo,
            trusted_proxies,
        }
    }

    /// The site that this configuration describes.
    pub fn from_config(config: &Config) -> Self {
        Site::at(&config.base_url, config.demo, config.trusted_proxies.clone())
    }

    /// The site that serves this request.
    pub fn of(request: &HttpRequest) -> Site {
        request
            .app_data::<web::Data<Site>>()
            .map(|site| site.as_ref().clone())
            .unwrap_or_default()
    }

    /// Where the request came from: the peer, or what a trusted proxy says about it.
    pub fn client_ip(&self, request: &HttpRequest) -> Option<IpAddr> {
        super::client_ip::behind(&self.trusted_proxies, request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_written_as_browsers_write_it() {
        let origin = |base| Site::at(base, false, Vec::new()).origin;
        assert_eq!(origin("https://Pad.example.org/"), "https://pad.example.org");
        assert_eq!(
            origin("https://pad.example.org:443/sub/"),
            "https://pad.example.org"
        );
        assert_eq!(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert!(Site::at("HTTPS://pad.example.org", false, Vec::new()).https);
    }
}
