from django.urls import path

from conventions.views import verifying

urlpatterns = [
    path("verifier/", verifying.verify, name="verify"),
    path("verifier/<pid:code>/", verifying.verify_code, name="verify_code"),
]
