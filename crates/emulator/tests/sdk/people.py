"""People: their records, statuses and avatars, and one's own."""

from datetime import datetime, timezone

from pachca.models import (
    CustomPropertyDataType,
    InviteStatus,
    ListPropertiesParams,
    ListUsersParams,
    SearchEntityType,
    SearchSortOrder,
    SearchUsersParams,
    SortOrder,
    StatusUpdateRequest,
    StatusUpdateRequestStatus,
    UserCreateRequest,
    UserCreateRequestCustomProperty,
    UserCreateRequestUser,
    UserCreateRole,
    UserRole,
    UserRoleInput,
    UserUpdateRequest,
    UserUpdateRequestUser,
)
from watched import only, refused

PNG = b"\x89PNG\r\n\x1a\n and the rest of a picture"
UNTIL = datetime(2027, 1, 11, 9, 30, tzinfo=timezone.utc)


async def properties(sdk):
    """The additional fields of everybody's card; two services of the SDK list them."""
    found = await sdk.custom_properties.list_properties(ListPropertiesParams(SearchEntityType.USER))
    assert found == await sdk.common.list_properties(ListPropertiesParams(SearchEntityType.USER))
    kinds = {kept.name: kept.data_type for kept in found.data}
    assert kinds["Табельный номер"] == CustomPropertyDataType.STRING
    assert kinds["Дата приёма"] == CustomPropertyDataType.DATE
    tasks = await sdk.custom_properties.list_properties(ListPropertiesParams(SearchEntityType.TASK))
    assert tasks.data == []
    return {kept.name: kept.id for kept in found.data}


async def records(sdk):
    """A person is made, found, changed, suspended and opened again. The record of another one is given back for other uses."""
    number = (await properties(sdk))["Табельный номер"]
    made = await sdk.users.create_user(
        UserCreateRequest(
            UserCreateRequestUser(
                email="olga@example.test",
                first_name="Ольга",
                last_name="Новикова",
                department="Продажи",
                title="Менеджер",
                role=UserCreateRole.USER,
                list_tags=["Продажи", "Новички"],
                custom_properties=[UserCreateRequestCustomProperty(id=number, value="00777")],
            ),
            skip_email_notify=True,
        )
    )
    assert made.email == "olga@example.test" and made.invite_status == InviteStatus.SENT
    assert made.role == UserRole.USER and not made.suspended and not made.bot
    assert sorted(made.list_tags) == ["Новички", "Продажи"]
    assert {kept.id: kept.value for kept in made.custom_properties}[number] == "00777"
    assert made.inviter_id == (await sdk.profile.get_profile()).id
    assert await sdk.users.get_user(made.id) == made
    again = UserCreateRequest(UserCreateRequestUser(email=" OLGA@example.test"))
    assert (await refused(sdk.users.create_user(again), "already_exists")).key == "email"

    def change(**fields):
        return sdk.users.update_user(made.id, UserUpdateRequest(UserUpdateRequestUser(**fields)))

    changed = await change(last_name="Старикова", role=UserRoleInput.ADMIN)
    assert (changed.last_name, changed.first_name, changed.role) == ("Старикова", "Ольга", UserRole.ADMIN)
    assert (await change(suspended=True)).suspended
    # A change that says nothing of it leaves the door closed.
    assert (await change(title="Директор")).suspended
    assert not (await change(suspended=False)).suspended
    assert (await change(list_tags=[])).list_tags == []
    await refused(sdk.users.get_user(1), "not_found")
    await lists(sdk, made)
    return made


async def lists(sdk, made):
    """Everybody comes in pages, and whoever is sought is found."""
    first = await sdk.users.list_users(ListUsersParams(limit=50))
    assert len(first.data) == 50 and first.meta.paginate.has_next is True
    assert first.meta.paginate.has_prev is False and first.meta.paginate.prev_page
    second = await sdk.users.list_users(ListUsersParams(limit=50, cursor=first.meta.paginate.next_page))
    back = await sdk.users.list_users(ListUsersParams(limit=50, cursor=second.meta.paginate.prev_page))
    assert back.data == first.data
    everybody = await sdk.users.list_users_all()
    ids = [user.id for user in everybody]
    assert ids == sorted(set(ids)) and len(ids) > 50 and made.id in ids
    assert ids == [user.id for user in await sdk.users.list_users_all(ListUsersParams(limit=7))]
    assert any(user.suspended for user in everybody) and any(user.bot for user in everybody)
    # A search has no sign of its end but an empty page.
    found = await sdk.users.list_users(ListUsersParams(query="OLGA@example"))
    assert only(found.data).id == made.id and found.meta.paginate.has_next is None
    assert only(await sdk.users.list_users_all(ListUsersParams(query="olga@example.test"))).id == made.id
    assert await sdk.users.list_users_all(ListUsersParams(query="nobody@example.test")) == []

    hit = await sdk.search.search_users(SearchUsersParams(query="Старикова Ольга"))
    assert only(hit.data).id == made.id and hit.meta.total == 1
    params = SearchUsersParams(
        limit=9,
        sort=SearchSortOrder.ALPHABETICAL,
        order=SortOrder.ASC,
        company_roles=[UserRole.USER],
        created_from=datetime(2020, 1, 1, tzinfo=timezone.utc),
        created_to=datetime(2040, 1, 1, tzinfo=timezone.utc),
    )
    ordinary = await sdk.search.search_users_all(params)
    # Without a text nobody who is suspended is found.
    wanted = [user.id for user in everybody if user.role == UserRole.USER and not user.suspended]
    assert sorted(user.id for user in ordinary) == wanted
    names = [user.last_name.lower() for user in ordinary if user.last_name]
    assert names == sorted(names) and len(names) > 9


async def statuses(sdk, made):
    """A status is set, extended and taken away, of others and of oneself."""
    asked = StatusUpdateRequest(
        StatusUpdateRequestStatus(emoji="🏖️", title="Отпуск", is_away=True, away_message="Вернусь")
    )
    later = StatusUpdateRequest(StatusUpdateRequestStatus(expires_at=UNTIL))
    own = sdk.profile
    for put, get, delete, record in [
        (
            lambda wish: sdk.users.update_user_status(made.id, wish),
            lambda: sdk.users.get_user_status(made.id),
            lambda: sdk.users.delete_user_status(made.id),
            lambda: sdk.users.get_user(made.id),
        ),
        (own.update_status, own.get_status, own.delete_status, own.get_profile),
    ]:
        status = await put(asked)
        assert (status.emoji, status.title, status.is_away) == ("🏖️", "Отпуск", True)
        assert status.expires_at is None and status.away_message.text == "Вернусь"
        assert await get() == status
        status = await put(later)
        assert (status.title, status.expires_at) == ("Отпуск", UNTIL)
        assert (await record()).user_status == status
        wrong = StatusUpdateRequest(StatusUpdateRequestStatus(emoji="ok", title="x"))
        assert (await refused(put(wrong), "wrong_emoji")).key == "emoji"
        await delete()
        await delete()
        assert (await record()).user_status is None


async def avatars(sdk, made):
    """A picture is put and taken away, of others and of oneself."""
    own = sdk.profile
    for put, delete, record in [
        (
            lambda file: sdk.users.update_user_avatar(made.id, file),
            lambda: sdk.users.delete_user_avatar(made.id),
            lambda: sdk.users.get_user(made.id),
        ),
        (own.update_profile_avatar, own.delete_profile_avatar, own.get_profile),
    ]:
        shown = await put(PNG)
        assert shown.image_url.startswith("https://")
        assert (await record()).image_url == shown.image_url
        assert (await refused(put(b"no picture"), "invalid")).key == "image"
        await delete()
        await delete()
        assert (await record()).image_url is None


async def oneself(sdk):
    """The token and whose it is; two services of the SDK tell of it."""
    me = await sdk.profile.get_profile()
    assert me.email == "svc@example.test" and me.role == UserRole.ADMIN
    token = await sdk.profile.get_token_info()
    assert token.user_id == me.id and token.revoked_at is None and "..." in token.token
    assert "users:create" in token.scopes
    assert (await sdk.oauth.get_token_info()).id == token.id


async def removed(sdk, made):
    """A person is deleted for good."""
    await sdk.users.delete_user(made.id)
    await refused(sdk.users.get_user(made.id), "not_found")
    await refused(sdk.users.delete_user(made.id), "not_found")
    owner = only(await sdk.users.list_users_all(ListUsersParams(query="ceo@example.test")))
    await refused(sdk.users.delete_user(owner.id), "owner_protected")


async def play(sdk):
    """All that concerns people; the one who was made is still there afterwards."""
    await oneself(sdk)
    made = await records(sdk)
    await statuses(sdk, made)
    await avatars(sdk, made)
    return made
