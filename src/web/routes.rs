//! A router that remembers its routes, and who may use each.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, patch, post};

use super::Web;
use super::room::{self, Room};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: it shows nothing of a brand.
    Open,
    /// A network that knows the hook's token and signs its body.
    Network,
    /// Somebody signed in.
    Person,
    /// A program with a token.
    Program,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// With `{names}` for what varies.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// A router that remembers its rows.
pub struct Routes {
    pub(super) rows: Vec<Route>,
    pub(super) router: Router<Web>,
    room: Room,
}

impl Routes {
    pub(super) fn new(room: Room) -> Routes {
        Routes { rows: Vec::new(), router: Router::new(), room }
    }

    fn add(mut self, method: &'static str, path: &'static str, access: Access, handler: MethodRouter<Web>) -> Routes {
        self.rows.push(Route { method, path, access });
        self.router = self.router.route(path, handler);
        self
    }

    pub(super) fn get<H: Handler<T, Web>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Routes {
        self.add("GET", path, access, get(handler))
    }

    pub(super) fn post<H: Handler<T, Web>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Routes {
        let mut handler = post(handler);
        if access == Access::Open {
            let fits = DefaultBodyLimit::max(room::FORM);
            handler = handler.layer((from_fn_with_state(self.room.clone(), room::for_strangers), fits));
        }
        self.add("POST", path, access, handler)
    }

    /// A form that may be so many bytes long.
    pub(super) fn long_post<H: Handler<T, Web>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        most: usize,
        handler: H,
    ) -> Routes {
        self.add("POST", path, access, post(handler.layer(DefaultBodyLimit::max(most))))
    }

    pub(super) fn patch<H: Handler<T, Web>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Routes {
        self.add("PATCH", path, access, patch(handler))
    }

    pub(super) fn delete<H: Handler<T, Web>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Routes {
        self.add("DELETE", path, access, delete(handler))
    }
}
