//! What the vendor leaves open: each habit has a likely value, which is the default, and others that an installation may have.

/// The habits of one installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Which status a creation is answered with.
    pub created: Created,
    /// How attributes and the members of `meta` are spelt in answers.
    pub spelling: Spelling,
    /// What the answer to a change shows.
    pub changed: Changed,
    /// What happens to a user whose e-mail belongs to somebody else.
    pub email_clash: EmailClash,
    /// Whether units and roles come as one list without `meta`, whatever page is asked for.
    pub unpaged_structure: bool,
    /// Whether requests that follow each other within five seconds share one token. Else each answer brings a new one.
    pub shared_tokens: bool,
    /// Whether the body of a sign-in shows the account; its headers are all that is documented.
    pub sign_in_shows_account: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            created: Created::Ok,
            spelling: Spelling::Kebab,
            changed: Changed::Full,
            email_clash: EmailClash::Invalid,
            unpaged_structure: false,
            shared_tokens: true,
            sign_in_shows_account: true,
        }
    }
}

/// The status of an answer to a creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// 200, as another creation of the same API was seen to answer.
    Ok,
    /// 201, as Rails answers by itself.
    Created,
}

/// The spelling of names in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `last-name`, as in the vendor's samples.
    Kebab,
    /// `last_name`, as in requests.
    Snake,
}

/// What the answer to a change shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The whole record.
    Full,
    /// The record with its name and nothing else.
    Partial,
    /// Nothing: 204.
    Empty,
}

/// What becomes of an e-mail that belongs to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailClash {
    /// A 422 that names the field.
    Invalid,
    /// A 409.
    Conflict,
    /// The HTML page of a 500: the check was left to the database.
    Broken,
    /// The record is created and says in `collisions-on-create` what it clashes with. A change is refused with a 422.
    Collision,
}
