from conventions.urls import annexes, life, parties, register, signing, templates, verifying

urlpatterns = [
    *signing.urlpatterns,
    *templates.urlpatterns,
    *parties.urlpatterns,
    *annexes.urlpatterns,
    *life.urlpatterns,
    *register.urlpatterns,
    *verifying.urlpatterns,
]
