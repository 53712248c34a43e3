//! Somebody at the own page: what the link of the address leads to, and what this browser has shown of itself. Every
//! handler of the room begins with it; a link that leads nowhere is no page.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::{Data, Path};
use actix_web::{FromRequest, HttpRequest};

use super::Mine;
use super::door::Proof;
use crate::app::App;
use crate::web;

/// The visit of one request.
pub(super) struct Visit {
    pub app: Arc<App>,
    pub mine: Mine,
    pub proof: Proof,
}

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = Data::<App>::from_request(request, payload);
        let token = Path::<String>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let app = app.await?.into_inner();
            let token = token.await.map_err(|_| web::Error::NotFound)?;
            let mine = Mine::find(&app, &token).await?;
            let proof = Proof::of(&app, &request, &mine);
            Ok(Visit { app, mine, proof })
        })
    }
}
