//! Watches over calls that may never come back: an input on which one hangs is told and ends the run.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest that an input may take before nobody waits for it any more, a busy machine allowed for.
const HANG: Duration = Duration::from_secs(30);

/// What is being called since when.
type Call = Option<(Instant, Vec<u8>)>;

/// Watches over the calls of one target.
pub(crate) struct Watch(Arc<Mutex<Call>>);

/// A call that is watched over as long as it lives.
pub(crate) struct Watched<'w>(&'w Mutex<Call>);

impl Watch {
    pub(crate) fn begin(name: &str) -> Self {
        let (call, name) = (Arc::new(Mutex::new(None)), name.to_owned());
        let watched = Arc::downgrade(&call);
        std::thread::spawn(move || {
            while let Some(call) = watched.upgrade() {
                if let Some(input) = hung(&call) {
                    end(&name, &input);
                }
                drop(call);
                std::thread::sleep(HANG / 20);
            }
        });
        Self(call)
    }

    pub(crate) fn over(&self, input: &[u8]) -> Watched<'_> {
        set(&self.0, Some((Instant::now(), input.to_vec())));
        Watched(&self.0)
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        set(self.0, None);
    }
}

/// The input of a call that has taken too long.
fn hung(call: &Mutex<Call>) -> Option<Vec<u8>> {
    let call = call.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, input) = call.as_ref().filter(|(begun, _)| begun.elapsed() > HANG)?;
    Some(input.clone())
}

fn set(call: &Mutex<Call>, to: Call) {
    *call.lock().unwrap_or_else(PoisonError::into_inner) = to;
}

/// Nothing else ends a thread that does not come back.
fn end(name: &str, input: &[u8]) -> ! {
    // Past the test's own output, which nobody would print any more.
    let text = format!("{name}: hangs, on b\"{}\"\n", input.escape_ascii());
    let _ = std::io::stderr().write_all(text.as_bytes());
    std::process::exit(101)
}

#[test]
fn a_call_that_does_not_come_back_is_known() {
    let long_ago = Instant::now().checked_sub(HANG + Duration::from_secs(1)).unwrap();
    assert_eq!(hung(&Mutex::new(Some((long_ago, b"x".to_vec())))), Some(b"x".to_vec()));
    assert_eq!(hung(&Mutex::new(Some((Instant::now(), Vec::new())))), None);
    let watch = Watch::begin("none");
    let watched = watch.over(b"y");
    assert_eq!(watch.0.lock().unwrap().as_ref().unwrap().1, b"y");
    drop(watched);
    assert_eq!(*watch.0.lock().unwrap(), None);
}
