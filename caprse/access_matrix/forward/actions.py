"""Who gets what from an action in full, and the actions proposed."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
action_new                 GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
action_new                 POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
# The action in full is shared with who accompanies the structure.
action                     GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
action                     POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
action_edit                GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
action_edit                POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
action_step_toggle         GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
action_step_toggle         POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
action_note_add            GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
action_note_add            POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
# The note is of the contributor, who alone takes it back.
action_note_withdraw       GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
action_note_withdraw       POST 302  403  302  403  403  403  403  403  403  403  403  404  404  403
proposals                  GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
proposals                  POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
proposal_accept            GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
proposal_accept            POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
proposal_refuse            GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
proposal_refuse            POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
proposal_reconsider        GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
proposal_reconsider        POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""

    def of_action(**more):
        return {**at.path, "action_id": at.side.full_action.public_id, **more}

    def of_proposal():
        return {**at.path, "proposal_id": at.side.proposal.public_id}

    return {
        "action_new": lambda: at.path,
        "action": of_action,
        "action_edit": of_action,
        "action_step_toggle": lambda: of_action(step_pk=at.side.step.pk),
        "action_note_add": of_action,
        "action_note_withdraw": lambda: of_action(note_pk=at.side.action_note.pk),
        "proposals": lambda: at.path,
        "proposal_accept": of_proposal,
        "proposal_refuse": of_proposal,
        "proposal_reconsider": of_proposal,
    }
