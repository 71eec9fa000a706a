//! A form's fields; what cannot be read is a bad request, said on a page.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::web::Error;

/// A form's fields.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Form<T>, Error> {
        let read = axum::Form::<T>::from_request(request, state).await;
        read.map(|f| Form(f.0)).map_err(|e| Error::Bad(e.to_string()))
    }
}
