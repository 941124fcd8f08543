use tokio::time::Instant;

use super::Job;

/// When each of some jobs is due next on this node. All are due at the start.
pub struct Schedule {
    due: Vec<(Job, Instant)>,
}

impl Schedule {
    pub fn starting(jobs: &[Job], now: Instant) -> Self {
        Self { due: jobs.iter().map(|job| (*job, now)).collect() }
    }

    /// Jobs that are due, in the order in which they were given; each is next due one period from now.
    pub fn take_due(&mut self, now: Instant) -> Vec<Job> {
        let mut taken = Vec::new();
        for (job, due) in &mut self.due {
            if *due <= now {
                *due = now + job.every();
                taken.push(*job);
            }
        }
        taken
    }

    /// When there is something to do again.
    pub fn next(&self, now: Instant) -> Instant {
        self.due.iter().map(|(_, due)| *due).min().unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_due_at_once_and_then_once_a_period() {
        let start = Instant::now();
        let mut schedule = Schedule::starting(&Job::SHORT, start);
        assert_eq!(schedule.take_due(start), Job::SHORT);
        assert_eq!(schedule.take_due(start), []);
        let next = schedule.next(start);
        assert_eq!(next, start + Job::SequenceAudit.every());
        assert_eq!(schedule.take_due(next), [Job::SequenceAudit]);
        let minutely = [Job::SequenceAudit, Job::EndIdentityRequests];
        assert_eq!(schedule.take_due(start + Job::EndIdentityRequests.every()), minutely);
        assert_eq!(schedule.take_due(start + Job::WriteCheckpoint.every()), Job::SHORT);
    }
}
