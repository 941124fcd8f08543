use tokio::time::Instant;

use super::Job;

/// When each job is due next on this node. All are due at the start.
pub struct Schedule {
    due: Vec<(Job, Instant)>,
}

impl Schedule {
    pub fn starting(now: Instant) -> Self {
        Self { due: Job::ALL.map(|job| (job, now)).to_vec() }
    }

    /// Jobs that are due, in the order of `Job::ALL`; each is next due one period from now.
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
        let mut schedule = Schedule::starting(start);
        assert_eq!(schedule.take_due(start), Job::ALL);
        assert_eq!(schedule.take_due(start), []);
        let next = schedule.next(start);
        assert_eq!(next, start + Job::SequenceAudit.every());
        assert_eq!(schedule.take_due(next), [Job::SequenceAudit]);
        let hourly = [Job::SequenceAudit, Job::WriteCheckpoint, Job::EndIdentityRequests];
        assert_eq!(schedule.take_due(start + Job::WriteCheckpoint.every()), hourly);
        assert_eq!(schedule.take_due(start + Job::ApplyRetention.every()), Job::ALL);
    }
}
