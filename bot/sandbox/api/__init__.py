"""The Bot API over HTTP: methods, long polling and the webhook."""
