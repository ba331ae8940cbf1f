//! What two planned nights do not have in common, in words.

use super::{Parts, Planned, PlannedFile, PlannedNight, There};

impl Planned {
    /// What is not as planned `now`: nothing where it is the same to the last digest.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut told = Vec::new();
        changed(&mut told, "the business date", &self.as_of, &now.as_of);
        self.job.differ(&now.job, &mut told);
        if self.binary != now.binary {
            told.push("the program is another one".into());
        }
        self.files_differ(now, &mut told);
        let run = |run: &Option<String>| run.clone().unwrap_or_else(|| "none".into());
        changed(&mut told, "the run that readers see", &run(&self.current), &run(&now.current));
        let of = "the run that moves are measured against";
        changed(&mut told, of, &run(&self.previous), &run(&now.previous));
        match (&self.night, &now.night) {
            (Some(planned), Some(now)) => planned.differ(now, &mut told),
            (None, Some(_)) if told.is_empty() => told.push("the night can be run now".into()),
            (Some(_), None) if told.is_empty() => told.push("the night cannot be run now".into()),
            _ => {}
        }
        told
    }

    fn files_differ(&self, now: &Self, told: &mut Vec<String>) {
        let of = |file: &PlannedFile| (file.system.clone(), file.feed.clone());
        for planned in &self.files {
            match now.files.iter().find(|file| of(file) == of(planned)) {
                Some(file) => planned.differ(file, told),
                None => told.push(format!("{planned}: no feed of the job any more")),
            }
        }
        let known = |file: &&PlannedFile| self.files.iter().any(|planned| of(planned) == of(file));
        let new = now.files.iter().filter(|file| !known(file));
        told.extend(new.map(|file| format!("{file}: a new feed of the job")));
    }
}

impl std::fmt::Display for PlannedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.system, self.feed)
    }
}

impl Parts {
    fn differ(&self, now: &Self, told: &mut Vec<String>) {
        for (part, planned, now) in [
            ("the job file", &self.job, &now.job),
            ("a contract of a source", &self.sources, &now.sources),
            ("the product book", &self.products, &now.products),
            ("the scoring file", &self.scoring, &now.scoring),
            ("the calendar", &self.calendar, &now.calendar),
        ] {
            if planned != now {
                told.push(format!("{part} has changed"));
            }
        }
    }
}

impl PlannedFile {
    fn differ(&self, now: &Self, told: &mut Vec<String>) {
        let before = told.len();
        changed(told, &format!("{self}: the file"), &self.file, &now.file);
        match (&self.there, &now.there) {
            (Some(planned), Some(now)) => planned.differ(now, self, told),
            (None, Some(_)) => told.push(format!("{self}: `{}` is there now", now.file)),
            (Some(_), None) => told.push(format!("{self}: `{}` is gone", self.file)),
            (None, None) => {}
        }
        if self.drift != now.drift {
            told.push(format!("{self}: other columns differ from the contract"));
        }
        if self != now && told.len() == before {
            told.push(format!("{self}: what it waits for has changed"));
        }
    }
}

impl There {
    fn differ(&self, now: &Self, file: &PlannedFile, told: &mut Vec<String>) {
        if self.blake3 != now.blake3 {
            let (planned, now) = (self.bytes, now.bytes);
            told.push(format!("{file}: other content, of {now} bytes (planned {planned})"));
        }
        let of = format!("{file}: the date of the data");
        changed(told, &of, &self.source_as_of, &now.source_as_of);
        changed(told, &format!("{file}: the date that was due"), &self.due, &now.due);
        let promised = |there: &Self| (there.declared_rows, there.flag_rows);
        if promised(self) != promised(now) {
            told.push(format!("{file}: trigger or flag promise other rows"));
        }
        if self.superseded != now.superseded {
            told.push(format!("{file}: it supersedes other deliveries"));
        }
    }
}

impl PlannedNight {
    fn differ(&self, now: &Self, told: &mut Vec<String>) {
        if self.published != now.published {
            let word = if now.published { "published by now" } else { "not published any more" };
            told.push(format!("the run is {word}"));
        }
        let number = |ranges: usize| ranges.to_string();
        changed(told, "the number of ranges", &number(self.ranges), &number(now.ranges));
        if self.published == now.published {
            for planned in &self.stages {
                let fate = now.stages.iter().find(|stage| stage.stage == planned.stage);
                let fate = fate.map_or("none", |stage| stage.fate.as_str());
                changed(told, &format!("stage `{}`", planned.stage), &planned.fate, fate);
            }
        }
        if self != now {
            changed(told, "the run", &self.run, &now.run);
        }
    }
}

fn changed(told: &mut Vec<String>, of: &str, planned: &str, now: &str) {
    if planned != now {
        told.push(format!("{of} is {now} (planned {planned})"));
    }
}
