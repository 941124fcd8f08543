//! Passwords that are lost, and what brings somebody back: an administrator, a recovery code, sheets of paper.

use tipline::{
    escrow::{self, RecoverOfficeError},
    staff::{self, Permission},
    tips,
};
use vault::{escrow::Sheet, secret::Secret};

use super::world::{OFFICES, World, told};
use crate::support::deployment::PASSWORD;

/// What lies on paper for an office, and of how many epochs.
pub struct Paper {
    pub epochs: i32,
    pub sheets: Vec<Sheet>,
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

impl World {
    /// An administrator gives somebody a new password, and with it a key pair that opens nothing yet.
    pub async fn resets(&mut self) {
        if self.draw(4) == 0 {
            return self.resets_a_custodian().await;
        }
        let who = self.any(self.actors.len());
        let admin = if self.draw(4) == 0 { self.any(OFFICES.len()) } else { self.actors[who].office };
        let alone = self.tips.iter().any(|tip| tip.readers.len() == 1 && tip.readers.contains(&who));
        let actor = &self.actors[who];
        let last = actor.key && self.holders(actor.office).len() == 1;
        let may = admin == actor.office && actor.is_in && !alone && !last;
        let did = self.reset(admin, who, false).await;
        if let Some(temporary) = self.agree(format!("the administrator of {admin} resets {who}"), did, may) {
            self.comes_back(who, temporary).await;
        }
    }

    async fn reset(&self, admin: usize, who: usize, accept: bool) -> Result<Secret<String>, &'static str> {
        let (app, office) = (&self.app.app, self.offices[admin]);
        let staff = self.administrators[admin].staff.as_ref().unwrap();
        told(staff::reset_password(app, staff, office, self.actors[who].id, accept).await)
    }

    /// Logs in with what the administrator has told, reads nothing, and makes a password and a key of his own.
    async fn comes_back(&mut self, who: usize, temporary: Secret<String>) {
        self.actors[who].key = false;
        self.consents.remove(&who);
        for tip in &mut self.tips {
            // Whoever is named alone stays named: the tip must not come to light because its reader lost the key.
            if tip.readers.len() > 1 {
                tip.readers.remove(&who);
            }
        }
        let gone = staff::authenticate(&self.app.app, &self.actors[who].access).await;
        assert!(gone.is_err(), "{}", self.story());
        let name = self.actors[who].name.clone();
        let first = self.app.logs_in(&name, temporary.expose()).await;
        for tip in &self.tips {
            let opened = tips::open_for(&self.app.app, &first.staff, tip.id, Permission::ReadTips).await;
            assert!(opened.is_err(), "{}", self.story());
        }
        let code = staff::change_password(&self.app.app, &first.staff, temporary, secret(PASSWORD)).await.unwrap();
        self.actors[who].recovery = code;
        self.actors[who].access = self.app.logs_in(&name, PASSWORD).await.tokens.access;
    }

    /// Whoever printed the recovery code sets a new password with it, and loses nothing.
    pub async fn recovers(&mut self) {
        let coded: Vec<usize> = (0..self.actors.len()).filter(|at| self.actors[*at].recovery.is_some()).collect();
        if coded.is_empty() || self.draw(3) == 0 {
            return self.recovers_an_office().await;
        }
        let who = coded[self.any(coded.len())];
        let (name, is_in) = (self.actors[who].name.clone(), self.actors[who].is_in);
        let code = self.actors[who].recovery.clone().unwrap();
        let app = &self.app.app;
        let did = told(staff::recover_password(app, &name, code.clone(), secret(PASSWORD), None).await);
        let Some(next) = self.agree(format!("{who} comes back with a recovery code"), did, is_in) else { return };
        let again = staff::recover_password(&self.app.app, &name, code, secret(PASSWORD), None).await;
        let gone = staff::authenticate(&self.app.app, &self.actors[who].access).await;
        assert!(again.is_err() && gone.is_err(), "{}", self.story());
        self.actors[who].recovery = Some(next);
        self.actors[who].access = self.app.logs_in(&name, PASSWORD).await.tokens.access;
    }

    /// Enough sheets give an office's keys to one of its officers; now and then after everybody lost theirs.
    async fn recovers_an_office(&mut self) {
        let office = self.any(OFFICES.len());
        let older = self.paper[office].take();
        let by = self.any(self.actors.len());
        let paper = match older.filter(|paper| paper.epochs == self.epochs[office] && self.draw(2) == 0) {
            Some(paper) => Some(paper),
            None => self.prints(office, by).await,
        };
        let Some(paper) = paper else { return };
        if self.draw(3) == 0 {
            self.everybody_loses(office).await;
        }
        let here: Vec<usize> = (0..self.actors.len()).filter(|at| self.actors[*at].office == office).collect();
        let heir = here[self.any(here.len())];
        let heir = if self.holders(office).is_empty() { here[0] } else { heir };
        self.is_given_the_office(heir, office, &paper).await;
        if self.holders(office).is_empty() {
            // The one who was drawn had left; somebody who has not gets it.
            let heir = here.into_iter().find(|at| self.actors[*at].is_in).expect("nobody removes the last one");
            self.is_given_the_office(heir, office, &paper).await;
        }
        self.paper[office] = Some(paper);
    }

    async fn prints(&mut self, office: usize, by: usize) -> Option<Paper> {
        let commanders: Vec<usize> = self.holders(office).into_iter().filter(|at| self.commands(*at)).collect();
        let by = if commanders.is_empty() || self.draw(4) == 0 { by } else { commanders[self.any(commanders.len())] };
        let staff = self.staff(by)?;
        let did = told(escrow::make_escrow(&self.app.app, &staff, self.offices[office], (2, 3)).await);
        let may = self.actors[by].office == office && self.actors[by].key && self.commands(by);
        let printed = self.agree(format!("{by} prints sheets of {office}"), did, may)?;
        let epochs: Vec<i32> = printed.iter().map(|printed| printed.epoch).collect();
        assert_eq!(epochs, (1..=self.epochs[office]).collect::<Vec<_>>(), "{}", self.story());
        // Any two of three.
        let left_out = self.any(3);
        let some = |sheets: Vec<Sheet>| sheets.into_iter().enumerate().filter(move |(at, _)| *at != left_out);
        let sheets = printed.into_iter().flat_map(|printed| some(printed.sheets)).map(|(_, sheet)| sheet).collect();
        Some(Paper { epochs: self.epochs[office], sheets })
    }

    /// Unless a restricted tip would go with them: no paper brings that back.
    async fn everybody_loses(&mut self, office: usize) {
        if self.tips.iter().any(|tip| tip.office == office && !tip.readers.is_empty()) {
            return;
        }
        for who in self.holders(office) {
            let last = self.holders(office).len() == 1;
            if last {
                let did = self.reset(office, who, false).await.map(|_| ());
                self.agree(format!("{who}, the last, is reset unasked"), did, false);
            }
            let did = self.reset(office, who, last).await;
            let temporary = self.agree(format!("{who} is reset, loss accepted"), did, true).unwrap();
            self.comes_back(who, temporary).await;
        }
        self.log_everybody_in().await;
        for tip in self.tips.iter().filter(|tip| tip.office == office) {
            for at in (0..self.actors.len()).filter(|at| self.actors[*at].office == office) {
                let Some(staff) = self.staff(at) else { continue };
                let opened = tips::open_for(&self.app.app, &staff, tip.id, Permission::ReadTips).await;
                assert!(opened.is_err(), "{at}\n{}", self.story());
            }
        }
    }

    async fn is_given_the_office(&mut self, heir: usize, office: usize, paper: &Paper) {
        let (app, id, name) = (&self.app.app, self.offices[office], self.actors[heir].name.clone());
        // One epoch's sheets alone are too few, whatever the epoch.
        let few = escrow::recover_office(app, id, &name, &paper.sheets[..1]).await;
        assert!(few.is_err(), "{}", self.story());
        let did = escrow::recover_office(app, id, &name, &paper.sheets).await;
        let did = did.map_err(|error| match error {
            RecoverOfficeError::NoSuchOfficer => "gone",
            other => panic!("{other}\n{}", self.story()),
        });
        let may = self.actors[heir].is_in;
        if let Some(epochs) = self.agree(format!("sheets give {heir} the keys of {office}"), did, may) {
            assert_eq!(epochs.len(), self.epochs[office].unsigned_abs() as usize, "{}", self.story());
            self.actors[heir].key = true;
            self.consents.remove(&heir);
        }
    }
}
