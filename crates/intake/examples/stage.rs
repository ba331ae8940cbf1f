//! Stages one feed of a contract.
use intake::{Arrived, Means};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let mut source = model::SourceContract::parse(&text, &args[1]).unwrap();
    let feed = source.feeds.remove(0);
    let path = std::path::PathBuf::from(&args[2]);
    let threads: usize = args[4].parse().unwrap();
    let bytes = std::fs::metadata(&path).unwrap().len();
    let digest = path.with_extension("b3");
    let blake3 = std::fs::read_to_string(&digest).unwrap_or_else(|_| {
        let mut h = blake3::Hasher::new();
        std::io::copy(&mut std::fs::File::open(&path).unwrap(), &mut h).unwrap();
        let d = h.finalize().to_hex().to_string();
        std::fs::write(&digest, &d).unwrap();
        d
    });
    let as_of: model::BusinessDate = "2026-11-20".parse().unwrap();
    let arrived = Arrived {
        system: "s".into(),
        feed: feed.name.clone(),
        file: "events".into(),
        path,
        bytes,
        blake3,
        source_as_of: as_of,
        due: as_of,
        rerun: None,
        declared_rows: None,
        flag_rows: None,
        superseded: vec![],
    };
    let scratch = std::env::temp_dir();
    let means = Means { progress: &|_| {}, scratch: &scratch, threads };
    if args[3] == "none" {
        struct S;
        impl intake::Sink for S {
            fn take(
                &mut self,
                _: arrow::record_batch::RecordBatch,
            ) -> Result<(), intake::SinkError> {
                Ok(())
            }
            fn restart(&mut self) -> Result<(), intake::SinkError> {
                Ok(())
            }
        }
        let o = intake::read_feed_by("s", &feed, &arrived, as_of, &mut S, &means).unwrap();
        println!("{} read {} delivered", o.rows_read, o.rows_delivered);
        return;
    }
    match intake::stage_feed("s", &feed, &arrived, as_of, args[3].as_ref(), &means) {
        Ok(o) => println!("{} read {} delivered", o.rows_read, o.rows_delivered),
        Err(e) => {
            println!("{e}");
            std::process::exit(1)
        }
    }
}
