//! `/openapi.json` describes the addresses there are.

use serde_json::Value;

use crate::support::api::on_api;

#[test]
fn every_address_described_is_served_with_the_methods_described() {
    on_api(|api| {
        let document = api.get("/openapi.json").expect(200).json;
        assert_eq!(document.get("openapi").and_then(Value::as_str), Some("3.1.0"));
        let paths = document.get("paths").and_then(Value::as_object).expect("paths");
        let mut described: Vec<&str> = paths.keys().map(String::as_str).collect();
        described.sort_unstable();
        assert_eq!(
            described,
            [
                "/api/v1/referrals",
                "/api/v1/referrals/{reference}",
                "/api/v1/slips",
                "/api/v1/slips/{id}/pdf",
            ]
        );
        for (path, methods) in paths {
            let path = path.replace("{reference}", "0000-0000").replace("{id}", "x");
            let allowed = api.send("PATCH", &path, &[], Vec::new()).expect(405);
            let allowed = allowed.headers.get("allow").and_then(|value| value.to_str().ok());
            let allowed = allowed.expect("the methods there are").to_owned();
            let mut methods: Vec<String> = methods
                .as_object()
                .expect("methods")
                .keys()
                .map(|m| m.to_uppercase())
                .collect();
            methods.sort_unstable();
            assert_eq!(allowed, methods.join(", "), "{path}");
        }
    });
}
