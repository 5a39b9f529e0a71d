package api

// CursorOf is cursorOf.
var CursorOf = cursorOf
