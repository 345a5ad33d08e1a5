"""The methods of the Bot API that the product uses, each as strict as the real one, by name."""

from collections.abc import Awaitable, Callable
from typing import Any

from playground.telegram_answers import Answers
from playground.telegram_call import Call
from playground.telegram_entries import Json
from playground.telegram_files import Files
from playground.telegram_messages import Messages
from playground.telegram_profile import Profile
from playground.telegram_refusals import Refusal
from playground.telegram_updates import UpdateFeed
from playground.telegram_world import TelegramWorld

Method = Callable[[Call], Awaitable[Any]]


class BotApi:
    """Carries out calls on the world on behalf of one bot."""

    def __init__(
        self, world: TelegramWorld, feed: UpdateFeed, bot_user: Json, profile: Profile
    ) -> None:
        files = Files(world)
        messages = Messages(world, files, bot_user)
        answers = Answers(world, messages)
        methods: dict[str, Method] = {
            "getMe": profile.get_me,
            "getUpdates": feed.get_updates,
            "setWebhook": feed.set_webhook,
            "deleteWebhook": feed.delete_webhook,
            "getWebhookInfo": feed.get_webhook_info,
            "sendMessage": messages.send_message,
            "sendPhoto": messages.send_photo,
            "sendDocument": messages.send_document,
            "copyMessage": messages.copy_message,
            "sendChatAction": messages.send_chat_action,
            "editMessageText": messages.edit_message_text,
            "editMessageMedia": messages.edit_message_media,
            "editMessageCaption": messages.edit_message_caption,
            "editMessageReplyMarkup": messages.edit_message_reply_markup,
            "deleteMessage": messages.delete_message,
            "deleteMessages": messages.delete_messages,
            "pinChatMessage": messages.pin_chat_message,
            "unpinChatMessage": messages.unpin_chat_message,
            "unpinAllChatMessages": messages.unpin_all_chat_messages,
            "answerCallbackQuery": answers.answer_callback_query,
            "answerInlineQuery": answers.answer_inline_query,
            "setMyCommands": profile.set_my_commands,
            "deleteMyCommands": profile.delete_my_commands,
            "getMyCommands": profile.get_my_commands,
            "setChatMenuButton": profile.set_chat_menu_button,
            "getChatMenuButton": profile.get_chat_menu_button,
            "setMyDescription": profile.set_my_description,
            "getMyDescription": profile.get_my_description,
            "setMyShortDescription": profile.set_my_short_description,
            "getMyShortDescription": profile.get_my_short_description,
            "getFile": files.get_file,
        }
        # Telegram does not mind how a method's name is written.
        self._methods = {name.lower(): method for name, method in methods.items()}

    async def carry_out(self, call: Call) -> Any:
        """The result of a call; a refusal is raised."""
        method = self._methods.get(call.method.lower())
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        return await method(call)
