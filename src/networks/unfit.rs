//! Why a login could not be used, in words: a network that does not answer has refused nothing.

use super::{Line, Refused};

/// What a check says when a network did not take the login it was asked with, in French and English.
pub fn unfit(line: &Line<'_>, network: &str, refused: &Refused) -> (String, String) {
    if let Some(Err(why)) = line.reach() {
        return (
            format!("{network} est injoignable pour l’instant ; la connexion n’a pas pu être essayée ({why})."),
            format!("{network} cannot be reached just now; the login could not be tried ({why})."),
        );
    }
    match refused {
        Refused::Later(Some(after), why) => {
            let minutes = after.as_secs().div_ceil(60);
            (
                format!("{network} demande d’attendre {minutes} min ; la connexion n’a pas pu être essayée ({why})."),
                format!("{network} asks to wait {minutes} min; the login could not be tried ({why})."),
            )
        }
        Refused::Later(None, why) => (
            format!("{network} ne répond pas comme il faut ; à réessayer plus tard ({why})."),
            format!("{network} does not answer as it should; try again later ({why})."),
        ),
        Refused::Reconnect(why) => (
            format!("{network} n’accepte pas cette connexion : {why}"),
            format!("{network} does not accept this login: {why}"),
        ),
        Refused::Never(_, why) => (
            format!("{network} refuse ce que demande cette connexion : {why}"),
            format!("{network} refuses what this login asks for: {why}"),
        ),
    }
}
