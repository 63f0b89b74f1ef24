//! The token's owner.

use kadry_core::{Does, Operation};

use super::avatars::{IMAGE, SHA256};
use super::row::say;
use super::statuses::{AWAY_MESSAGE, EMOJI, EXPIRES_AT, IS_AWAY, TITLE};

pub(super) const SHOW: Operation = Operation {
    noun: "profile",
    verb: "show",
    parameters: &[],
    help: say("Show the token's owner", "Показать владельца токена"),
    example: "pachca profile show",
    endpoint: "GET /profile",
    does: Does::Shows,
};

pub(super) const STATUS: Operation = Operation {
    noun: "profile",
    verb: "status",
    parameters: &[],
    help: say(
        "Show the status of the token's owner",
        "Показать статус владельца токена",
    ),
    example: "pachca profile status",
    endpoint: "GET /profile/status",
    does: Does::Shows,
};

pub(super) const SET_STATUS: Operation = Operation {
    noun: "profile",
    verb: "set-status",
    parameters: &[EMOJI, TITLE, EXPIRES_AT, IS_AWAY, AWAY_MESSAGE],
    help: say(
        "Give the token's owner a status",
        "Поставить статус владельцу токена",
    ),
    example: "pachca profile set-status --emoji 🎮 --title 'Очень занят'",
    endpoint: "PUT /profile/status",
    does: Does::Writes { brakes: &[] },
};

pub(super) const CLEAR_STATUS: Operation = Operation {
    noun: "profile",
    verb: "clear-status",
    parameters: &[],
    help: say(
        "Take the status of the token's owner away",
        "Снять статус владельца токена",
    ),
    example: "pachca profile clear-status",
    endpoint: "DELETE /profile/status",
    does: Does::Writes { brakes: &[] },
};

pub(super) const SET_AVATAR: Operation = Operation {
    noun: "profile",
    verb: "set-avatar",
    parameters: &[IMAGE, SHA256],
    help: say(
        "Give the token's owner a picture",
        "Поставить фотографию владельцу токена",
    ),
    example: "pachca profile set-avatar --image photo.png",
    endpoint: "PUT /profile/avatar",
    does: Does::Writes { brakes: &[] },
};

pub(super) const DELETE_AVATAR: Operation = Operation {
    noun: "profile",
    verb: "delete-avatar",
    parameters: &[],
    help: say(
        "Take the picture of the token's owner away",
        "Удалить фотографию владельца токена",
    ),
    example: "pachca profile delete-avatar",
    endpoint: "DELETE /profile/avatar",
    does: Does::Writes { brakes: &[] },
};
