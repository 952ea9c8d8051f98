"""Policies made from a task: what the person who gave it asked to be done, judged per call, outside any model.

Given only the task's words, the tools' schemas and what reading gave as calls go by, `policy_of` says which kinds of change
are asked for, and `TaskGate` judges each call by where each of its values came from:

    gate = TaskGate(policy_of("Add Charlie to the channel starting with External", shapes))
    verdict = gate.judge(Call("add_user_to_channel", "write", {"user": "Charlie", "channel": "External_0"}, claim))
    gate.saw("get_channels", {}, ["general", "External_0"])   # after each call that was made

Reading is allowed, unless it reaches for an address that nobody who is trusted named. A change is allowed only if the task
asks for that kind of change and every value that binds (who gets it, what it is done to, how much) is said in the task,
stands in a record that the task points at, or is the one candidate in the text that the task names for exactly this. Other
text never gives a value, whatever it orders. The rules are in `task.cedar`; the words that stand for a kind of change, for
a thing and for what an argument is for are in `words.toml`.
"""
