"""The rules, one small module each, named after the defect. ``registry`` says what a rule is and finds them all."""
