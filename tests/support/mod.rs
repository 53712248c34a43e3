//! What the tests stand on: both databases, a sink for mail, a running server, a browser.

pub mod api;
pub mod app;
pub mod browser;
pub mod budget;
pub mod calls;
pub mod chromium;
pub mod courses;
pub mod databases;
pub mod gateway;
pub mod mail;
pub mod referrals;
pub mod server;
pub mod slips;
pub mod tools;
