"""The area of an application: choosing it, and changing it."""
