//! A panic within something that is waited for, caught where it happens: what stands around it goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// Waits for it to end.
///
/// # Errors
/// What it panicked with, when that was words. What it held is dropped; what it was changing must be
/// thrown away by the caller.
pub async fn caught<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let mut work = pin!(work);
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
            Poll::Ready(Err(words.unwrap_or("a panic without words").to_owned()))
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_everything_else_is_itself() {
        assert_eq!(caught(async { 7 }).await, Ok(7));
        let late = async {
            tokio::task::yield_now().await;
            assert!(std::hint::black_box(false), "on the {}th", 2);
        };
        assert_eq!(caught(late).await, Err("on the 2th".into()));
    }
}
