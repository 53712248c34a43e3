//! Somebody at the own page: what the link of the address leads to, and what this browser has shown of itself. Every
//! handler of the room begins with it; a link that leads nowhere, or has ended, leads to a page that says so.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::web::{Data, Path};
use actix_web::{FromRequest, HttpRequest};

use super::door::Proof;
use super::{Mine, ended};
use crate::app::App;
use crate::web;

/// The visit of one request.
pub(super) struct Visit {
    pub app: Arc<App>,
    pub mine: Mine,
    pub proof: Proof,
}

impl Visit {
    /// The visit to the page with this token; not found, if the link opens nothing.
    pub async fn of(app: &Arc<App>, request: &HttpRequest, token: &str) -> Result<Self, web::Error> {
        let mut mine = Mine::find(app, token).await?;
        let (proof, opening) = Proof::of(app, request, &mine).await?;
        mine.opening = opening;
        Ok(Visit {
            app: app.clone(),
            mine,
            proof,
        })
    }
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
            match Visit::of(&app, &request, &token).await {
                Err(web::Error::NotFound) => {
                    let page = ended::ended(&app);
                    Err(InternalError::from_response("no own page", page).into())
                }
                visit => Ok(visit?),
            }
        })
    }
}
