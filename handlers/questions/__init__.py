"""Questions of a questionnaire in the chat: asked, listed, answered."""
