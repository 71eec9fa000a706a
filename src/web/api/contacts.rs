//! Contacts.

use axum::Json;

use super::model::{self, Contact};
use crate::base::id::ContactId;
use crate::store::contacts as store;
use crate::web::ask::{Caller, Path, Problem};

/// One contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", params(("id" = String, Path)), security(("token" = [])),
    responses((status = 200, body = Contact), (status = 404, body = Problem)))]
pub async fn get(caller: Caller, Path(id): Path<ContactId>) -> Result<Json<Contact>, Problem> {
    let mut tx = caller.web.house.db.read().await?;
    let contact = store::get(&mut tx, &caller.scope, id).await?;
    Ok(Json(model::contact(&mut tx, contact).await?))
}
