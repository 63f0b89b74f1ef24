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
    /// How many rows a page has unless asked otherwise; the vendor names no number, this is the library's.
    pub page_size: usize,
    /// How many rows a page has at most.
    pub largest_page: usize,
    /// Whether `page[size]` is obeyed, which no page of the vendor names.
    pub obeys_page_size: bool,
    /// Whether a list that is asked for inactive users shows them without `with_inactive`.
    pub active_filter_is_enough: bool,
    /// Whether the filter by units lets those through who are in a unit below.
    pub units_with_those_below: bool,
    /// Who counts as blocked in the filter by invitation status.
    pub blocked: Blocked,
    /// What a write says of a unit, role or level that does not exist.
    pub unknown_id: UnknownId,
    /// Where a unit names the one above it.
    pub parent: Parent,
    /// Whether a body may come wrapped: `{"user": {…}}`, `{"unit": {…}}` or `{"data": {"attributes": {…}}}`.
    pub unwraps_bodies: bool,
    /// Whether the token before the latest one is still accepted, as by the newer versions of the library.
    pub accepts_previous_token: bool,
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
            page_size: 25,
            largest_page: 100,
            obeys_page_size: true,
            active_filter_is_enough: false,
            units_with_those_below: false,
            blocked: Blocked::Inactive,
            unknown_id: UnknownId::Invalid,
            parent: Parent::Attribute,
            unwraps_bodies: false,
            accepts_previous_token: true,
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

/// Who is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// Whoever is inactive.
    Inactive,
    /// Whoever was locked out, which has nothing to do with being active.
    Apart,
}

/// What a write says of an id that nothing has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownId {
    /// A 422 that names the field.
    Invalid,
    /// A 404.
    NotFound,
}

/// Where a unit names the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// In the attributes `parent-id` and `parent-integration-uid`.
    Attribute,
    /// In the relationship `parent`.
    Relationship,
}
