//! How a change takes effect: everything it needs is drawn and sealed before the transaction, which may run twice.

use super::event::{Changer, EventKind, NewEvent};
use super::mail::{self, Notice};
use super::request::Change;
use super::second::{approves, changes_address};
use crate::app::App;
use crate::db::{self, Conn};
use crate::notify::{SealedMessage, enqueue_sealed};
use crate::staff::link::{LINK_MINUTES, LinkToken};
use crate::staff::password::NOBODY;
use crate::staff::policy::sees_patients;
use crate::staff::store::{account_events, accounts, keys, links, sessions};
use crate::staff::{Account, ApiKey, ApiToken};
use crate::values::{Email, Id, Ts};

/// What came of a change that took effect.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The person was sent a link to their own mailbox.
    LinkSent {
        /// Whose account.
        account: Id,
    },
    /// There is no mailbox: the link is shown, once.
    LinkShown {
        /// Whose account.
        account: Id,
        /// What colleagues call the person.
        name: String,
        /// The name to sign in with.
        username: String,
        /// The link's secret.
        link: LinkToken,
    },
    /// The account was changed; the password stays.
    Changed {
        /// Whose account.
        account: Id,
    },
    /// An API key exists: it is shown, once.
    Key {
        /// What it is called.
        label: String,
        /// The key itself.
        token: ApiToken,
    },
}

/// Whether a change could take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    /// Somebody has this username.
    ByAnother,
    /// The account is not as it was when this was prepared.
    ChangedMeanwhile,
}

/// A change with all it needs.
#[derive(Clone)]
pub(super) struct Plan {
    change: Change,
    by: Changer,
    now: Ts,
    /// The account that is changed, or the row of the new one.
    account: Id,
    subject: Option<Account>,
    link: Option<(LinkToken, [u8; 32])>,
    key: Option<(ApiKey, ApiToken, [u8; 32])>,
    mails: Vec<SealedMessage>,
    events: Vec<NewEvent>,
}

impl Plan {
    /// Draws and seals. `accounts` are all accounts as they are now.
    pub fn draw(
        app: &App,
        change: &Change,
        by: Changer,
        request: Option<Id>,
        accounts: &[Account],
        now: Ts,
    ) -> db::Result<Plan> {
        let subject = change
            .account()
            .and_then(|id| accounts.iter().find(|account| account.id == id))
            .cloned();
        let mut plan = Plan {
            change: change.clone(),
            by,
            now,
            account: change.account().unwrap_or_else(Id::new),
            subject,
            link: None,
            key: None,
            mails: Vec::new(),
            events: Vec::new(),
        };
        if let Change::AddKey {
            label,
            scopes,
            clinic,
        } = change
        {
            plan.key = Some(ApiKey::draw(&app.keys, label, scopes, *clinic, now)?);
        }
        if plan.needs_link() {
            plan.draw_link(app)?;
        }
        plan.draw_notices(app, accounts)?;
        plan.draw_event(request);
        Ok(plan)
    }

    /// Whether the person chooses a password afterwards. Whoever begins to see patients does, so that nobody comes in with a
    /// password from before.
    fn needs_link(&self) -> bool {
        match &self.change {
            Change::Add { .. } | Change::Reset { .. } | Change::Reactivate { .. } => true,
            Change::Set { role, .. } => {
                let saw = self
                    .subject
                    .as_ref()
                    .is_some_and(|account| sees_patients(account.role));
                sees_patients(*role) && !saw
            }
            Change::AddKey { .. } => false,
        }
    }

    /// The person's mailbox once the change has taken effect.
    fn mailbox(&self) -> Option<String> {
        match &self.change {
            Change::Add { email, .. } | Change::Set { email, .. } => {
                email.as_ref().map(|email| email.as_str().to_owned())
            }
            Change::Reset { .. } | Change::Reactivate { .. } | Change::AddKey { .. } => {
                self.subject.as_ref().and_then(|account| account.email.clone())
            }
        }
    }

    fn draw_link(&mut self, app: &App) -> db::Result<()> {
        let token = LinkToken::draw()?;
        let hash = token.hash(&app.keys)?;
        if let Some(to) = self.mailbox() {
            let until = self.now.plus_minutes(LINK_MINUTES);
            self.mails
                .push(mail::choose_password(app, &to, &token, until, self.now)?);
        }
        self.link = Some((token, hash));
        Ok(())
    }

    fn draw_notices(&mut self, app: &App, accounts: &[Account]) -> db::Result<()> {
        let Some(subject) = &self.subject else {
            return Ok(());
        };
        if changes_address(&self.change, Some(subject))
            && let Some(old) = &subject.email
        {
            self.mails.push(mail::address_changed(app, old, self.now)?);
        }
        if let Change::Set { role, .. } = &self.change
            && approves(subject.role)
            && !approves(*role)
        {
            let told = mail::to_leads(app, Notice::LeadChanged, accounts, self.now)?;
            self.mails.extend(told);
        }
        Ok(())
    }

    fn draw_event(&mut self, request: Option<Id>) {
        let kind = match &self.change {
            Change::Add { .. } => EventKind::AccountAdded,
            Change::Reset { .. } => EventKind::PasswordReset,
            Change::Reactivate { .. } => EventKind::Reactivated,
            Change::Set { .. } => EventKind::AccountChanged,
            Change::AddKey { .. } => EventKind::KeyAdded,
        };
        let subject = self.subject.as_ref();
        let event = NewEvent::new(kind, self.by, &self.change.whom(subject), self.now)
            .saying(self.change.detail(subject))
            .of_request(request);
        let event = match &self.key {
            Some((key, _, _)) => event.about_key(Some(key.id)),
            None => event.about_account(Some(self.account)),
        };
        self.events.push(event);
    }

    /// Makes the change, in a transaction.
    pub fn take_effect(&self, conn: &mut Conn<'_>) -> db::Result<Taken> {
        let taken = self.change_rows(conn)?;
        if taken != Taken::Yes {
            return Ok(taken);
        }
        if let Some((_, hash)) = &self.link {
            let until = self.now.plus_minutes(LINK_MINUTES);
            links::replace_link(conn, hash, self.account, self.now, until)?;
        }
        for event in &self.events {
            account_events::insert_event(conn, event)?;
        }
        for message in &self.mails {
            enqueue_sealed(conn, message)?;
        }
        Ok(Taken::Yes)
    }

    fn change_rows(&self, conn: &mut Conn<'_>) -> db::Result<Taken> {
        match &self.change {
            Change::Add { account, email } => {
                let email = email.as_ref().map(Email::as_str);
                let added = accounts::insert_account(conn, self.account, account, email, NOBODY, self.now)?;
                return Ok(if added { Taken::Yes } else { Taken::ByAnother });
            }
            Change::AddKey { .. } => {
                if let Some((key, _, hash)) = &self.key {
                    keys::insert_key(conn, key, hash)?;
                }
                return Ok(Taken::Yes);
            }
            Change::Reset { .. } | Change::Reactivate { .. } | Change::Set { .. } => {}
        }
        let now = accounts::find_account(conn, self.account)?;
        if !self.is_unchanged(now.as_ref()) {
            return Ok(Taken::ChangedMeanwhile);
        }
        if let Change::Set {
            role, clinic, email, ..
        } = &self.change
        {
            let before = self.subject.as_ref();
            let since = match before.is_some_and(|account| account.role == *role) {
                true => before.and_then(|account| account.approved_at),
                false => Some(self.now),
            };
            let email = email.as_ref().map(Email::as_str);
            accounts::mark_set(conn, self.account, *role, *clinic, email, since)?;
            // A link that is on its way to the mailbox before ends with it.
            links::delete_links_of(conn, self.account)?;
        }
        if self.link.is_some() {
            accounts::mark_reset(conn, self.account, NOBODY)?;
            sessions::delete_sessions_of(conn, self.account)?;
        }
        Ok(Taken::Yes)
    }

    /// Whether the account is as it was when this was prepared, and as this change needs it.
    fn is_unchanged(&self, now: Option<&Account>) -> bool {
        let (Some(now), Some(before)) = (now, &self.subject) else {
            return false;
        };
        let opened = match &self.change {
            Change::Reactivate { .. } => !now.active,
            Change::Reset { .. } | Change::Set { .. } | Change::Add { .. } | Change::AddKey { .. } => {
                now.active
            }
        };
        opened && now.role == before.role && now.email == before.email && now.active == before.active
    }

    /// What to show once it has taken effect.
    pub fn effect(&self) -> Effect {
        if let Some((key, token, _)) = &self.key {
            return Effect::Key {
                label: key.label.clone(),
                token: token.clone(),
            };
        }
        let account = self.account;
        let Some((link, _)) = &self.link else {
            return Effect::Changed { account };
        };
        if self.mailbox().is_some() {
            return Effect::LinkSent { account };
        }
        let (name, username) = match (&self.change, &self.subject) {
            (Change::Add { account, .. }, _) => (
                account.display_name.as_str().to_owned(),
                account.username.as_str().to_owned(),
            ),
            (_, Some(subject)) => (subject.display_name.clone(), subject.username.clone()),
            (_, None) => (String::new(), String::new()),
        };
        Effect::LinkShown {
            account,
            name,
            username,
            link: link.clone(),
        }
    }
}
