"""The rows of the autodiagnostic in depth: viewpoints, agreement, threads, surveys, evidence, reviews."""

# fmt: off
DEPTH_TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
# Questions asked without an account, groups of voices.
draft_voice_groups         GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
draft_voice_groups         POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
survey_questions           GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
survey_questions           POST 302  403  403  403  403  403  403  405  405  403  403  403  403  403
survey_question_new        GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
survey_question_new        POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
survey_question            GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
survey_question            POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
survey_question_release    GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
survey_question_release    POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
survey_question_withdraw   GET  302  403  403  403  403  403  403  405  405  403  403  403  403  403
survey_question_withdraw   POST 302  403  403  403  403  403  403  403  302  403  403  403  403  403
survey_question_delete     GET  302  403  403  403  403  403  403  405  405  403  403  403  403  403
survey_question_delete     POST 302  403  403  403  403  403  403  403  302  403  403  403  403  403
# Exchanges: the one of the structure was opened by its board member, and is closed.
threads                    GET  302  200  200  200  200  200  200  403  403  403  403  404  404  404
threads                    POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
thread_open                GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
thread_open                POST 302  422  422  422  422  422  422  403  403  403  403  404  404  404
thread                     GET  302  200  200  200  200  200  200  403  403  403  403  404  404  404
thread                     POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
thread_reply               GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
thread_reply               POST 302  422  422  422  422  422  422  403  403  403  403  404  404  404
thread_close               GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
thread_close               POST 302  403  403  302  403  403  403  403  403  403  403  404  404  404
thread_reopen              GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
thread_reopen              POST 302  403  403  302  403  403  403  403  403  403  403  404  404  404
message_withdraw           GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
message_withdraw           POST 302  403  403  302  403  403  403  403  403  403  403  404  404  404
# What was transmitted, what is answered to it; the chapter to correct is closed: its référent·e asks for a delay.
submission                 GET  302  200  200  200  200  200  200  403  403  403  302  404  404  404
submission                 POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
autodiag_review            GET  302  403  403  403  403  200  200  403  403  403  403  403  403  404
autodiag_review            POST 302  403  403  403  403  422  422  403  403  403  403  403  403  404
autodiag_reopen            GET  302  200  403  403  403  403  403  403  403  403  403  404  404  403
autodiag_reopen            POST 302  403  403  403  403  403  403  403  403  403  403  404  404  403
# Viewpoints, their comparison, the gaps.
viewpoints                 GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
viewpoints                 POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
voice_choose               GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
voice_choose               POST 302  422  422  422  422  403  403  403  403  403  403  404  404  403
voice_rule                 GET  302  405  403  403  403  403  403  403  403  403  405  405  405  403
voice_rule                 POST 302  422  403  403  403  403  403  403  403  403  403  404  404  403
comparison_open            GET  302  200  403  403  403  403  403  403  403  403  403  404  404  403
comparison_open            POST 302  422  403  403  403  403  403  403  403  403  403  404  404  403
viewpoint                  GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
viewpoint                  POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
viewpoint_save             GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
viewpoint_save             POST 302  422  422  422  422  403  403  403  403  403  403  404  404  403
gaps                       GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
gaps                       POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
evidence_list              GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
evidence_list              POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
evidence_new               GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
evidence_new               POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
# Theirs is shared with who accompanies them.
evidence                   GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
evidence                   POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
evidence_edit              GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
evidence_edit              POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
evidence_replace           GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
evidence_replace           POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
evidence_archive           GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
evidence_archive           POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
evidence_restore           GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
evidence_restore           POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
evidence_download          GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
evidence_download          POST 302  200  200  200  200  200  200  403  403  403  200  404  404  404
evidence_link              GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
evidence_link              POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
evidence_unlink            GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
evidence_unlink            POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
evidence_page              GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
evidence_page              POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
# Filling: the figures of a criterion, an answer put back.
indicator_save             GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
indicator_save             POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
answer_restore             GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
answer_restore             POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
# Agreeing in a meeting, and who prepares what.
agreements                 GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
agreements                 POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
consensus                  GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
consensus                  POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
assignments                GET  302  200  403  403  403  403  403  403  403  403  403  404  404  403
assignments                POST 302  422  403  403  403  403  403  403  403  403  403  404  404  403
# Surveys without an account: the page of the link is the same for everybody, closed once the adhesion is over.
surveys                    GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
surveys                    POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
survey_new                 GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
survey_new                 POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
survey                     GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
survey                     POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
survey_cards               GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
survey_cards               POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
survey_sheet               GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
survey_sheet               POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
survey_entry               GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
survey_entry               POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
survey_entry_undo          GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
survey_entry_undo          POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
survey_renew               GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
survey_renew               POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
survey_close               GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
survey_close               POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
survey_answer              GET  200  200  200  200  200  200  200  200  200  200  410  200  200  200
survey_answer              POST 422  422  422  422  422  422  422  422  422  422  410  422  422  422
"""
# fmt: on
