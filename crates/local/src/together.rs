//! So many pieces of work side by side, and never one more.
//!
//! A pool that lends its waiting threads to other work (rayon, when a task waits for the pool of the
//! frame library) would begin further tasks inside of those under way, and hold their rows as well.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Does every piece of work once, begun in their order, at most `threads` at a time; the results in
/// that order, or the first failure of that order. What has not begun when one fails is left.
pub(crate) fn run<W: Sync, T: Send + Sync, E: Send + Sync>(
    threads: usize,
    work: &[W],
    act: impl Fn(&W) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Vec<OnceLock<Result<T, E>>> = work.iter().map(|_| OnceLock::new()).collect();
    let hand = || {
        while !failed.load(Ordering::Acquire) {
            let at = next.fetch_add(1, Ordering::AcqRel);
            let Some(piece) = work.get(at) else { break };
            let result = done[at].get_or_init(|| act(piece));
            if result.is_err() {
                failed.store(true, Ordering::Release);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(work.len()).max(1) {
            scope.spawn(hand);
        }
        hand();
    });
    done.into_iter().filter_map(OnceLock::into_inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn no_more_run_at_once_than_there_are_threads() {
        let work: Vec<usize> = (0..40).collect();
        for threads in [1, 2, 3, 100] {
            let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let squares = run(threads, &work, |n| {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(1));
                now.fetch_sub(1, Ordering::SeqCst);
                Ok::<_, ()>(n * n)
            });
            assert_eq!(squares, Ok(work.iter().map(|n| n * n).collect()));
            assert!(most.into_inner() <= threads);
        }
    }

    #[test]
    fn the_first_failure_in_order_is_told() {
        let work: Vec<u64> = vec![30, 1, 5];
        for _ in 0..20 {
            let told = run(3, &work, |n| {
                std::thread::sleep(Duration::from_millis(*n));
                Err::<(), u64>(*n)
            });
            // The slowest was begun first: it is the one that counts.
            assert_eq!(told, Err(30));
        }
    }
}
