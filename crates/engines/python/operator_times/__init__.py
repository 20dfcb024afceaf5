"""What each engine has to time its operators with."""
