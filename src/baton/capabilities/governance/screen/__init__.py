"""The kill switch on a screen: which agents may speak, stopping one at once, starting it again, and who did so when."""
